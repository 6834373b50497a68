import "./elements/exit-page";
import "./elements/theme-toggle";
import "./elements/error-summary";
import "./elements/auto-advance";
import "./elements/keep-draft";
import "./elements/idle-watch";
import "./dialogs";
import "./once";
