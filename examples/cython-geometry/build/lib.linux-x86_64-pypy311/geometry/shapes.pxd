cdef class Point:
    cdef readonly double x
    cdef readonly double y

    cdef double distance_to(self, Point other) noexcept nogil


cdef class Shape:
    cdef public str name
    cdef object __weakref__
    cdef dict __dict__

    cpdef double area(self) except? -1


cdef class Circle(Shape):
    cdef double _radius

    cpdef double area(self) except? -1


cdef class Rectangle(Shape):
    cdef double width
    cdef double height

    cpdef double area(self) except? -1


cdef class Square(Rectangle):
    pass
