/* Dates and times: CPython's capsule of constructors, and fields read as attributes.
 * https://docs.python.org/3/c-api/datetime.html */
#ifndef DATETIME_H
#define DATETIME_H

#include "Python.h"

CARDAN_BEGIN

/* What a program may know of these objects: that they are objects. */
typedef struct { PyObject_HEAD } PyDateTime_Date;
typedef struct { PyObject_HEAD } PyDateTime_DateTime;
typedef struct { PyObject_HEAD } PyDateTime_Time;
typedef struct { PyObject_HEAD } PyDateTime_Delta;
typedef struct { PyObject_HEAD } PyDateTime_TZInfo;

typedef struct {
    PyTypeObject *DateType;
    PyTypeObject *DateTimeType;
    PyTypeObject *TimeType;
    PyTypeObject *DeltaType;
    PyTypeObject *TZInfoType;
    PyObject *TimeZone_UTC;
    PyObject *(*Date_FromDate)(int, int, int, PyTypeObject *);
    PyObject *(*DateTime_FromDateAndTime)(int, int, int, int, int, int, int, PyObject *, PyTypeObject *);
    PyObject *(*Time_FromTime)(int, int, int, int, PyObject *, PyTypeObject *);
    PyObject *(*Delta_FromDelta)(int, int, int, int, PyTypeObject *);
    PyObject *(*TimeZone_FromTimeZone)(PyObject *, PyObject *);
    PyObject *(*DateTime_FromTimestamp)(PyObject *, PyObject *, PyObject *);
    PyObject *(*Date_FromTimestamp)(PyObject *, PyObject *);
    PyObject *(*DateTime_FromDateAndTimeAndFold)(int, int, int, int, int, int, int, PyObject *, int, PyTypeObject *);
    PyObject *(*Time_FromTimeAndFold)(int, int, int, int, PyObject *, int, PyTypeObject *);
} PyDateTime_CAPI;

#define PyDateTime_CAPSULE_NAME "datetime.datetime_CAPI"

static PyDateTime_CAPI *PyDateTimeAPI __attribute__((unused)) = NULL;
#define PyDateTime_IMPORT (PyDateTimeAPI = (PyDateTime_CAPI *)_PyDateTime_Import())

/* A field by its attribute. The objects have these attributes by definition; should one be deleted by a subclass, -1 with an
 * exception. */
static inline int
cardan_datetime_field(PyObject *object, const char *name)
{
    PyObject *value = PyObject_GetAttrString(object, name);
    int number;
    if (value == NULL) {
        return -1;
    }
    number = (int)PyLong_AsLong(value);
    Py_DECREF(value);
    return number;
}

/* A borrowed reference: the object keeps its time zone. */
static inline PyObject *
cardan_datetime_zone(PyObject *object)
{
    PyObject *zone = PyObject_GetAttrString(object, "tzinfo");
    Py_XDECREF(zone);
    return zone;
}

#define PyDateTime_GET_YEAR(object) cardan_datetime_field(_PyObject_CAST(object), "year")
#define PyDateTime_GET_MONTH(object) cardan_datetime_field(_PyObject_CAST(object), "month")
#define PyDateTime_GET_DAY(object) cardan_datetime_field(_PyObject_CAST(object), "day")
#define PyDateTime_DATE_GET_HOUR(object) cardan_datetime_field(_PyObject_CAST(object), "hour")
#define PyDateTime_DATE_GET_MINUTE(object) cardan_datetime_field(_PyObject_CAST(object), "minute")
#define PyDateTime_DATE_GET_SECOND(object) cardan_datetime_field(_PyObject_CAST(object), "second")
#define PyDateTime_DATE_GET_MICROSECOND(object) cardan_datetime_field(_PyObject_CAST(object), "microsecond")
#define PyDateTime_DATE_GET_FOLD(object) cardan_datetime_field(_PyObject_CAST(object), "fold")
#define PyDateTime_DATE_GET_TZINFO(object) cardan_datetime_zone(_PyObject_CAST(object))
#define PyDateTime_TIME_GET_HOUR(object) cardan_datetime_field(_PyObject_CAST(object), "hour")
#define PyDateTime_TIME_GET_MINUTE(object) cardan_datetime_field(_PyObject_CAST(object), "minute")
#define PyDateTime_TIME_GET_SECOND(object) cardan_datetime_field(_PyObject_CAST(object), "second")
#define PyDateTime_TIME_GET_MICROSECOND(object) cardan_datetime_field(_PyObject_CAST(object), "microsecond")
#define PyDateTime_TIME_GET_FOLD(object) cardan_datetime_field(_PyObject_CAST(object), "fold")
#define PyDateTime_TIME_GET_TZINFO(object) cardan_datetime_zone(_PyObject_CAST(object))
#define PyDateTime_DELTA_GET_DAYS(object) cardan_datetime_field(_PyObject_CAST(object), "days")
#define PyDateTime_DELTA_GET_SECONDS(object) cardan_datetime_field(_PyObject_CAST(object), "seconds")
#define PyDateTime_DELTA_GET_MICROSECONDS(object) cardan_datetime_field(_PyObject_CAST(object), "microseconds")

#define PyDateTime_TimeZone_UTC PyDateTimeAPI->TimeZone_UTC
#define PyDate_Check(object) PyObject_TypeCheck((object), PyDateTimeAPI->DateType)
#define PyDate_CheckExact(object) Py_IS_TYPE((object), PyDateTimeAPI->DateType)
#define PyDateTime_Check(object) PyObject_TypeCheck((object), PyDateTimeAPI->DateTimeType)
#define PyDateTime_CheckExact(object) Py_IS_TYPE((object), PyDateTimeAPI->DateTimeType)
#define PyTime_Check(object) PyObject_TypeCheck((object), PyDateTimeAPI->TimeType)
#define PyTime_CheckExact(object) Py_IS_TYPE((object), PyDateTimeAPI->TimeType)
#define PyDelta_Check(object) PyObject_TypeCheck((object), PyDateTimeAPI->DeltaType)
#define PyDelta_CheckExact(object) Py_IS_TYPE((object), PyDateTimeAPI->DeltaType)
#define PyTZInfo_Check(object) PyObject_TypeCheck((object), PyDateTimeAPI->TZInfoType)
#define PyTZInfo_CheckExact(object) Py_IS_TYPE((object), PyDateTimeAPI->TZInfoType)

#define PyDate_FromDate(year, month, day) PyDateTimeAPI->Date_FromDate((year), (month), (day), PyDateTimeAPI->DateType)
#define PyDateTime_FromDateAndTime(year, month, day, hour, minute, second, microsecond)                            \
    PyDateTimeAPI->DateTime_FromDateAndTime((year), (month), (day), (hour), (minute), (second), (microsecond), Py_None, \
                                            PyDateTimeAPI->DateTimeType)
#define PyDateTime_FromDateAndTimeAndFold(year, month, day, hour, minute, second, microsecond, fold)               \
    PyDateTimeAPI->DateTime_FromDateAndTimeAndFold((year), (month), (day), (hour), (minute), (second), (microsecond),   \
                                                   Py_None, (fold), PyDateTimeAPI->DateTimeType)
#define PyTime_FromTime(hour, minute, second, microsecond) \
    PyDateTimeAPI->Time_FromTime((hour), (minute), (second), (microsecond), Py_None, PyDateTimeAPI->TimeType)
#define PyTime_FromTimeAndFold(hour, minute, second, microsecond, fold) \
    PyDateTimeAPI->Time_FromTimeAndFold((hour), (minute), (second), (microsecond), Py_None, (fold), PyDateTimeAPI->TimeType)
#define PyDelta_FromDSU(days, seconds, microseconds) \
    PyDateTimeAPI->Delta_FromDelta((days), (seconds), (microseconds), 1, PyDateTimeAPI->DeltaType)
#define PyTimeZone_FromOffset(offset) PyDateTimeAPI->TimeZone_FromTimeZone((offset), NULL)
#define PyTimeZone_FromOffsetAndName(offset, name) PyDateTimeAPI->TimeZone_FromTimeZone((offset), (name))
#define PyDateTime_FromTimestamp(arguments) \
    PyDateTimeAPI->DateTime_FromTimestamp((PyObject *)PyDateTimeAPI->DateTimeType, (arguments), NULL)
#define PyDate_FromTimestamp(arguments) \
    PyDateTimeAPI->Date_FromTimestamp((PyObject *)PyDateTimeAPI->DateType, (arguments))

CARDAN_END

#endif
