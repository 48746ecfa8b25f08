"""Rules and values of embedded rows; pure, without input or output."""
