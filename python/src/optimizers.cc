#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "eddy/error.h"
#include "eddy/optim.h"
#include "fields.h"
#include "tape.h"

namespace eddy::python {
namespace {

// Parameters from Python, kept as long as what uses them.
struct Kept {
  explicit Kept(const std::vector<nb::object>& objects) : objects(objects) {
    for (const nb::object& object : objects) parameters.push_back(nb::cast<Parameter*>(object));
  }
  std::vector<nb::object> objects;
  std::vector<Parameter*> parameters;
};

struct PyOptimizer {
  PyOptimizer(const std::vector<nb::object>& objects, int threads, const OptimizerOptions& options)
      : kept(objects), team(TeamOf(threads)), optimizer(options, kept.parameters, team->threads) {}
  Kept kept;
  std::shared_ptr<Team> team;
  Optimizer optimizer;
};

struct PyAverage {
  PyAverage(const std::vector<nb::object>& objects, double decay, int threads)
      : kept(objects), team(TeamOf(threads)), average(decay, kept.parameters, team->threads) {}
  Kept kept;
  std::shared_ptr<Team> team;
  WeightAverage average;
};

using OptimizerState = nb::typed<nb::dict, nb::str, nb::any>;

OptimizerState State(const PyOptimizer& o) {
  nb::dict state;
  state["steps"] = o.optimizer.steps();
  for (const auto& [name, tensor] : o.optimizer.slots()) state[name.c_str()] = ToArray(tensor.Clone());
  return state;
}

void SetState(PyOptimizer& o, const OptimizerState& state) {
  for (const auto& [name, tensor] : o.optimizer.slots()) {
    Require(state.contains(name.c_str()), "optimizer", "state", name, "none");
    CopyInto(tensor, nb::cast<Input>(state[name.c_str()]), name.c_str());
  }
  o.optimizer.set_steps(nb::cast<int64_t>(state["steps"]));
}

template <class Clip>
auto OnAll(const std::vector<nb::object>& objects, int threads, const Clip& clip) {
  const Kept kept(objects);
  const std::shared_ptr<Team> team = TeamOf(threads);
  return Work(*team, [&] { return clip(kept.parameters, team->threads); });
}

}  // namespace

void BindOptimizers(nb::module_& m) {
  nb::class_<PyOptimizer>(m, "Optimizer",
                          "Updates parameters from their gradients; names, rules and defaults are PyTorch's.\n\n"
                          ">>> weight = eddy_rnn.Parameter(np.ones(2))\n"
                          ">>> optimizer = eddy_rnn.Optimizer([weight], name=\"sgd\")\n"
                          ">>> weight.grad[:] = 1\n"
                          ">>> optimizer.step(0.5)\n"
                          ">>> weight.value\n"
                          "array([0.5, 0.5], dtype=float32)\n")
      .def(
          "__init__",
          [](PyOptimizer* self, const std::vector<nb::object>& parameters, int threads, const nb::kwargs& options) {
            new (self) PyOptimizer(parameters, threads, FromKeywords<OptimizerOptions>("optimizer", {}, options));
          },
          nb::arg("parameters"), nb::kw_only(), nb::arg("threads") = 1, nb::arg("options"),
          nb::sig(Signature<OptimizerOptions>("self, parameters: collections.abc.Sequence[Parameter]", "threads: int = 1")))
      .def(
          "step", [](PyOptimizer& o, double rate) { Work(*o.team, [&] { o.optimizer.Step(rate); }); },
          nb::arg("learning_rate"), "One update at this learning rate.")
      .def(
          "zero_grad", [](PyOptimizer& o) { Work(*o.team, [&] { ZeroGrad(o.kept.parameters, o.team->threads); }); },
          "Zeroes the gradients.")
      .def_prop_rw("state", &State, &SetState, "What goes on as if never stopped: the count of steps, and arrays by name.");

  m.def(
      "clip_global_norm",
      [](const std::vector<nb::object>& parameters, double limit, int threads) {
        return OnAll(parameters, threads, [&](const auto& all, Threads& team) { return ClipGlobalNorm(all, limit, team); });
      },
      nb::arg("parameters"), nb::arg("limit"), nb::kw_only(), nb::arg("threads") = 1,
      nb::sig("def clip_global_norm(parameters: collections.abc.Sequence[Parameter], limit: float, *, threads: int = 1) "
              "-> float"),
      "Scales all gradients so that their norm as one vector is at most `limit`; returns the norm before.");
  m.def(
      "clip_value",
      [](const std::vector<nb::object>& parameters, double limit, int threads) {
        OnAll(parameters, threads, [&](const auto& all, Threads& team) { ClipValue(all, limit, team); });
      },
      nb::arg("parameters"), nb::arg("limit"), nb::kw_only(), nb::arg("threads") = 1,
      nb::sig("def clip_value(parameters: collections.abc.Sequence[Parameter], limit: float, *, threads: int = 1) -> None"),
      "Limits every element of the gradients to [-limit, limit].");

  nb::class_<Schedule>(m, "Schedule", "The learning rate over training.")
      .def(
          "__init__",
          [](Schedule* self, const nb::kwargs& options) {
            new (self) Schedule(FromKeywords<ScheduleOptions>("schedule", {}, options));
          },
          nb::arg("options"), nb::sig(Signature<ScheduleOptions>("self", "")))
      .def("rate", &Schedule::Rate, nb::arg("progress"), "`progress` is the share of the run that is done, in [0, 1].")
      .def("observe", &Schedule::Observe, nb::arg("validation_loss"), "For \"plateau\"; the others do not change with it.");

  nb::class_<PyAverage>(m, "WeightAverage", "An exponential moving average of the weights.")
      .def(nb::init<const std::vector<nb::object>&, double, int>(), nb::arg("parameters"), nb::arg("decay"), nb::kw_only(),
           nb::arg("threads") = 1,
           nb::sig("def __init__(self, parameters: collections.abc.Sequence[Parameter], decay: float, *, threads: int = 1) "
                   "-> None"))
      .def("update", [](PyAverage& a) { Work(*a.team, [&] { a.average.Update(); }); })
      .def(
          "swap", [](PyAverage& a) { Work(*a.team, [&] { a.average.Swap(); }); },
          "Exchanges the weights with their average; call again to go back.");
}

}  // namespace eddy::python
