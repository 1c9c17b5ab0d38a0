"""The stream of events to other services: envelope, filters, cursors."""
