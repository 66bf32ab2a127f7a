"""What people type stays theirs: numbers that identify somebody go at the door, and no log or file holds more than it must."""
