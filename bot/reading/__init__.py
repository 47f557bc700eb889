"""What parsing is made of: headers, character sets, MIME, HTML, and telling the writer's own words from the rest; pure."""
