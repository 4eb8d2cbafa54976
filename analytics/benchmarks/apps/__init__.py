"""Small pages of one slider and one map each, drawn in four ways, for ``python -m analytics bench workbench``."""
