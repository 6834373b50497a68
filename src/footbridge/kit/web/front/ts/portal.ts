import "./public";
import "./elements/chart-hover";
import "./offline";
