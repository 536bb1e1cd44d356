"""Every word on the screens, in Vietnamese and English, and how values read. The tables know no Qt."""
