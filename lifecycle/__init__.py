"""An event-sourced engine for the service lifecycle: written procedures as YAML, cases as sealed histories."""

__version__ = "0.1.0"
