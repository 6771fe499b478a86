"""What is painted on a page besides text: ruled lines, images, bullets."""

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from index.loaders.pdf.values import Box, Edge, Handle

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

MOST_OBJECTS = 100_000
"""That are looked at for ruled lines."""
_THIN = 2.5
"""Points: a rectangle not thicker is a line."""
_SHORTEST = 4.0
_DOT = (1.5, 9.0)
"""Points: size of a bullet."""
_STRAIGHT = 0.6
_DEEPEST = 4
"""Drawings within drawings."""

Upright = Callable[[float, float], tuple[float, float]]
Matrix = tuple[float, float, float, float, float, float]
_PLAIN: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(slots=True)
class Painted:
    """What is painted besides text."""

    edges: list[Edge] = field(default_factory=list)
    images: list[Box] = field(default_factory=list)
    dots: list[Box] = field(default_factory=list)
    """Small round or square things: the bullets of lists."""

    def share_of(self, width: float, height: float) -> float:
        """Share of the page that its images cover, each counted by itself."""
        covered = 0.0
        for left, top, right, bottom in self.images:
            across = min(right, width) - max(left, 0.0)
            covered += max(across, 0.0) * max(min(bottom, height) - max(top, 0.0), 0.0)
        return min(covered / max(width * height, 1.0), 1.0)


def read_paint(page: "PdfPage", upright: Upright) -> Painted:
    """The ruled lines and images of a page."""
    from pypdfium2 import raw

    painted = Painted()
    for handle, matrix in _objects(raw, page.raw):
        kind = raw.FPDFPageObj_GetType(handle)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            continue
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            box = _bounds(raw, handle, matrix, upright)
            if box is not None:
                painted.images.append(box)
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            painted.edges.extend(_edges(raw, handle, matrix, upright))
            box = _bounds(raw, handle, matrix, upright)
            if box is not None and _is_dot(box):
                painted.dots.append(box)
    return painted


def _objects(raw: Handle, page: Handle) -> Iterator[tuple[Handle, Matrix]]:
    """Objects with the matrix of the drawing that holds them, those of drawings included."""
    count = raw.FPDFPage_CountObjects(page)
    waiting = [(raw.FPDFPage_GetObject, page, count, _PLAIN, 0)]
    left = MOST_OBJECTS
    while waiting:
        get, holder, count, matrix, depth = waiting.pop()
        for index in range(min(count, left)):
            left -= 1
            handle = get(holder, index)
            if raw.FPDFPageObj_GetType(handle) == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
                inner = _times(_matrix(raw, handle), matrix)
                number = raw.FPDFFormObj_CountObjects(handle)
                waiting.append((raw.FPDFFormObj_GetObject, handle, number, inner, depth + 1))
            else:
                yield handle, matrix


def _matrix(raw: Handle, handle: Handle) -> Matrix:
    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(handle, ctypes.byref(found)):
        return _PLAIN
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (
        *(a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s),
        *(e * p + f * r + t, e * q + f * s + u),
    )


def _moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _bounds(raw: Handle, handle: Handle, matrix: Matrix, upright: Upright) -> Box | None:
    sides = [ctypes.c_float() for _ in range(4)]
    if not raw.FPDFPageObj_GetBounds(handle, *map(ctypes.byref, sides)):
        return None
    left, bottom, right, top = (side.value for side in sides)
    return _box(upright(*_moved(matrix, left, bottom)), upright(*_moved(matrix, right, top)))


def _is_dot(box: Box) -> bool:
    width, height = box[2] - box[0], box[3] - box[1]
    return _DOT[0] <= width <= _DOT[1] and abs(width - height) <= 0.2 * width


def _edges(raw: Handle, handle: Handle, matrix: Matrix, upright: Upright) -> Iterator[Edge]:
    """Lines that run across or down; a filled rectangle is one if it is thin."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(handle, ctypes.byref(fill), ctypes.byref(stroke))
    count = raw.FPDFPath_CountSegments(handle)
    if count > 5_000 or not (fill.value or stroke.value):
        return
    own = _times(_matrix(raw, handle), matrix)
    for shape in _shapes(raw, handle, count, own, upright):
        xs, ys = zip(*shape, strict=True)
        box = (min(xs), min(ys), max(xs), max(ys))
        width, height = box[2] - box[0], box[3] - box[1]
        if min(width, height) <= _THIN:
            if max(width, height) >= _SHORTEST:
                yield _centered(box)
        elif stroke.value:
            for first, second in pairwise(shape):
                side = _box(first, second)
                across, down = side[2] - side[0], side[3] - side[1]
                if min(across, down) <= _STRAIGHT and max(across, down) >= _SHORTEST:
                    yield _centered(side)


def _shapes(
    raw: Handle, handle: Handle, count: int, matrix: Matrix, upright: Upright
) -> Iterator[list[tuple[float, float]]]:
    """The closed or open runs of points of a path, those with curves left out."""
    x, y = ctypes.c_float(), ctypes.c_float()
    shape: list[tuple[float, float]] = []
    is_straight = True
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(handle, index)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if is_straight and len(shape) > 1:
                yield shape
            shape, is_straight = [], True
        is_straight = is_straight and kind != raw.FPDF_SEGMENT_BEZIERTO
        shape.append(upright(*_moved(matrix, x.value, y.value)))
        if raw.FPDFPathSegment_GetClose(segment):
            shape.append(shape[0])
    if is_straight and len(shape) > 1:
        yield shape


def _box(first: tuple[float, float], second: tuple[float, float]) -> Box:
    (a, b), (c, d) = first, second
    return min(a, c), min(b, d), max(a, c), max(b, d)


def _centered(box: Box) -> Edge:
    left, top, right, bottom = box
    if right - left >= bottom - top:
        middle = (top + bottom) / 2
        return Edge((left, middle, right, middle))
    middle = (left + right) / 2
    return Edge((middle, top, middle, bottom))
