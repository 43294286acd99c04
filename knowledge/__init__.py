"""The knowledge files, shipped as package data; README.md beside this file describes their format."""
