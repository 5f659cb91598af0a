"""What happens to a closing: asked for, approved or called off, told to everybody, carried out."""
