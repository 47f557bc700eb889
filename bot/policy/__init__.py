"""The company's own policy: its texts cut into passages, and which of them answer a question; shown to staff, never sent by itself."""
