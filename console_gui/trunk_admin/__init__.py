"""The telephony admin: switches, trunks, queues, phones live; adding a position."""
