"""The console as a folder that runs on a machine without Python: built, looked through, and tried in a bare room."""
