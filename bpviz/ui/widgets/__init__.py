"""Qt widgets that every feature may use; among them `Panel`, the base class of every dock."""
