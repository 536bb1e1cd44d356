"""Listening to recordings at the console: fetched part by part, played at once, also while the call still runs."""
