"""Drawings, made once for papers and pages: plain SVG, without scripts, links or anything to be fetched."""
