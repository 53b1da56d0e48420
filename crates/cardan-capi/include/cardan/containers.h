/* Tuples, lists, dicts, sets, sequences and mappings: the macros of their headers. */
#ifndef CARDAN_CONTAINERS_H
#define CARDAN_CONTAINERS_H

#define PyTuple_GET_SIZE(tuple) PyTuple_Size(_PyObject_CAST(tuple))
#define PyTuple_GET_ITEM(tuple, index) PyTuple_GetItem(_PyObject_CAST(tuple), (index))
#define PyTuple_SET_ITEM(tuple, index, item) PyTuple_SET_ITEM(_PyObject_CAST(tuple), (index), _PyObject_CAST(item))
#define PyList_GET_SIZE(list) PyList_Size(_PyObject_CAST(list))
#define PyList_GET_ITEM(list, index) PyList_GetItem(_PyObject_CAST(list), (index))
#define PyList_SET_ITEM(list, index, item) PyList_SET_ITEM(_PyObject_CAST(list), (index), _PyObject_CAST(item))
#define PyDict_GET_SIZE(dict) PyDict_Size(_PyObject_CAST(dict))
#define PySet_GET_SIZE(set) PySet_Size(_PyObject_CAST(set))

#define PySequence_Length PySequence_Size
#define PySequence_In PySequence_Contains
#define PySequence_ITEM(sequence, index) PySequence_GetItem((sequence), (index))
/* What PySequence_Fast gives is a list or a tuple. */
#define PySequence_Fast_GET_SIZE(sequence) PySequence_Size(_PyObject_CAST(sequence))
#define PySequence_Fast_GET_ITEM(sequence, index)                           \
    (PyList_Check(sequence) ? PyList_GetItem(_PyObject_CAST(sequence), (index)) \
                            : PyTuple_GetItem(_PyObject_CAST(sequence), (index)))
#define PyMapping_Length PyMapping_Size
#define PyMapping_DelItemString(mapping, key) PyObject_DelItemString((mapping), (key))
#define PyMapping_DelItem(mapping, key) PyObject_DelItem((mapping), (key))

#define PySlice_GetIndicesEx(slice, length, start, stop, step, count)           \
    (PySlice_Unpack((slice), (start), (stop), (step)) < 0                       \
         ? ((*(count) = 0), -1)                                                 \
         : ((*(count) = PySlice_AdjustIndices((length), (start), (stop), *(step))), 0))

#define PyStructSequence_SET_ITEM(sequence, index, item) PyStructSequence_SetItem((sequence), (index), (item))
#define PyStructSequence_GET_ITEM(sequence, index) PyStructSequence_GetItem((sequence), (index))

#endif
