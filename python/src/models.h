// How the model of a task is bound: in one file of models/, which says so by itself.
//
//     void BindTagger(nb::module_& m) { BindModel<Tagger>(m, "TaggerModel", "Tags of the tokens of sequences.").def(...); }
//     const ModelBinding binding(&BindTagger);
#pragma once

#include <string>
#include <vector>

#include "tasks.h"

namespace eddy::python {

using Texts = std::vector<std::string>;
using Released = nb::call_guard<nb::gil_scoped_release>;

// Work without the interpreter's lock, whose result is then made into an object of Python.
template <class Work>
auto WithoutLock(const Work& work) {
  const nb::gil_scoped_release release;
  return work();
}

// A class of models of one task, made of a model that has been loaded.
template <class Model>
nb::class_<Model, TrainedModel> BindModel(nb::module_& m, const char* name, const char* doc) {
  return nb::class_<Model, TrainedModel>(m, name, doc)
      .def(nb::init<const TrainedModel&>(), nb::arg("model"))
      .def("__setstate__", [](Model& self, const nb::bytes& bytes) {
        new (&self) Model(TrainedModel::Parse({bytes.c_str(), bytes.size()}));
      });
}

// Makes BindModels() call it.
struct ModelBinding {
  explicit ModelBinding(void (*bind)(nb::module_&));
};

}  // namespace eddy::python
