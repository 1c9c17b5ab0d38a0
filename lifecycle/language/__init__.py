"""The workflow language: YAML text -> tree with places -> definition -> checks -> compiled workflow."""
