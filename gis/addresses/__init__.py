"""What a caller says, as a place: Vietnamese spelling and addresses, present and former wards, the search."""
