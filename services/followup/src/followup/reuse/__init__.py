"""What is public, in the forms other programs read: feeds, calendars, a table, a page of paper, a frame."""
