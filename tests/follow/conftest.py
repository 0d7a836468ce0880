from tests.counting import nobody_has_tried_yet

__all__ = ["nobody_has_tried_yet"]
