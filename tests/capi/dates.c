/* Dates and times through the table of constructors. */
#include <Python.h>
#include <datetime.h>

static PyObject *
start(PyObject *self, PyObject *unused)
{
    PyDateTime_IMPORT;
    if (PyDateTimeAPI == NULL) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* One of everything that can be made. */
static PyObject *
make(PyObject *self, PyObject *unused)
{
    PyObject *hour = PyDelta_FromDSU(0, 3600, 0);
    PyObject *name = PyUnicode_FromString("here");
    PyObject *stamp = Py_BuildValue("(i)", 86400 * 2), *stamp_utc = Py_BuildValue("(iO)", 86400 * 2, PyDateTime_TimeZone_UTC);
    PyObject *zone = PyTimeZone_FromOffsetAndName(hour, name);
    PyObject *made = Py_BuildValue(
        "(NNNNNNNNNN)", PyDate_FromDate(2024, 2, 29), PyDateTime_FromDateAndTime(2024, 2, 29, 1, 2, 3, 4),
        PyDateTime_FromDateAndTimeAndFold(2024, 2, 29, 1, 2, 3, 4, 1), PyTime_FromTime(1, 2, 3, 4),
        PyTime_FromTimeAndFold(1, 2, 3, 4, 1), PyDelta_FromDSU(1, 86400 + 2, -1), PyTimeZone_FromOffset(hour), zone,
        PyDateTime_FromTimestamp(stamp_utc), PyDate_FromTimestamp(stamp));
    Py_XDECREF(hour);
    Py_XDECREF(name);
    Py_XDECREF(stamp);
    Py_XDECREF(stamp_utc);
    return made;
}

static PyObject *
aware(PyObject *self, PyObject *zone)
{
    return PyDateTimeAPI->DateTime_FromDateAndTime(2024, 2, 29, 1, 2, 3, 4, zone, PyDateTimeAPI->DateTimeType);
}

static PyObject *
fields(PyObject *self, PyObject *object)
{
    PyObject *zone;
    if (PyDelta_Check(object)) {
        return Py_BuildValue("(iii)", PyDateTime_DELTA_GET_DAYS(object), PyDateTime_DELTA_GET_SECONDS(object),
                             PyDateTime_DELTA_GET_MICROSECONDS(object));
    }
    if (PyTime_Check(object)) {
        zone = PyDateTime_TIME_GET_TZINFO(object);
        return Py_BuildValue("(iiiiiO)", PyDateTime_TIME_GET_HOUR(object), PyDateTime_TIME_GET_MINUTE(object),
                             PyDateTime_TIME_GET_SECOND(object), PyDateTime_TIME_GET_MICROSECOND(object),
                             PyDateTime_TIME_GET_FOLD(object), zone);
    }
    if (PyDateTime_Check(object)) {
        zone = PyDateTime_DATE_GET_TZINFO(object);
        return Py_BuildValue("(iiiiiiiiO)", PyDateTime_GET_YEAR(object), PyDateTime_GET_MONTH(object),
                             PyDateTime_GET_DAY(object), PyDateTime_DATE_GET_HOUR(object),
                             PyDateTime_DATE_GET_MINUTE(object), PyDateTime_DATE_GET_SECOND(object),
                             PyDateTime_DATE_GET_MICROSECOND(object), PyDateTime_DATE_GET_FOLD(object), zone);
    }
    return Py_BuildValue("(iii)", PyDateTime_GET_YEAR(object), PyDateTime_GET_MONTH(object), PyDateTime_GET_DAY(object));
}

static PyObject *
kinds(PyObject *self, PyObject *object)
{
    return Py_BuildValue("(iiiiiiiiii)", PyDate_Check(object), PyDate_CheckExact(object), PyDateTime_Check(object),
                         PyDateTime_CheckExact(object), PyTime_Check(object), PyTime_CheckExact(object),
                         PyDelta_Check(object), PyDelta_CheckExact(object), PyTZInfo_Check(object),
                         PyTZInfo_CheckExact(object));
}

static PyMethodDef functions[] = {
    {"start", start, METH_NOARGS, NULL},   {"make", make, METH_NOARGS, NULL}, {"aware", aware, METH_O, NULL},
    {"fields", fields, METH_O, NULL}, {"kinds", kinds, METH_O, NULL},    {NULL, NULL, 0, NULL},
};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "dates", NULL, 0, functions, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC
PyInit_dates(void)
{
    return PyModuleDef_Init(&definition);
}
