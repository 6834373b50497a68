import "./elements/week-board";
