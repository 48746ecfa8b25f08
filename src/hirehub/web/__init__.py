"""Server-rendered pages. They speak to services through their HTTP ports only; none is there yet."""
