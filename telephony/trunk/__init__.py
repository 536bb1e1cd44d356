"""The admin's one description of a site, and the Asterisk configuration that follows from it."""
