"""The server: whom the port answers, what every answer says to the browser, and whether it may be reached from other
machines at all."""
