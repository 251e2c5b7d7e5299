#include "python_processes.h"

#include <cstring>
#include <utility>

#include "eddy/error.h"

namespace eddy::python {
namespace {

namespace nb = nanobind;

constexpr int kRead = 0x100, kWrite = 0x200;  // PyBUF_READ and PyBUF_WRITE, whose names the stable interface of 3.10 lacks

// Python's view of bytes that are the caller's.
nb::object View(const std::byte* data, size_t size, int access) {
  char* bytes = reinterpret_cast<char*>(const_cast<std::byte*>(data));
  static char none;
  return nb::steal(PyMemoryView_FromMemory(size > 0 ? bytes : &none, static_cast<Py_ssize_t>(size), access));
}

// With the interpreter's lock, and what it raises as an Error.
template <class Call>
auto InPython(const Call& call) {
  const nb::gil_scoped_acquire acquire;
  try {
    return call();
  } catch (const nb::python_error& error) {
    throw Error(nb::cast<std::string>(nb::str(error.value())));
  }
}

void Leave(nb::object& object) {
  const nb::gil_scoped_acquire acquire;
  object.reset();
}

}  // namespace

// Those of one exchange: an Exchange of _processes.py.
class PythonProcesses::Messages final : public Pending {
 public:
  explicit Messages(nb::object exchange) : exchange_(std::move(exchange)) {}
  Messages(const Messages&) = delete;
  Messages& operator=(const Messages&) = delete;
  ~Messages() override { Leave(exchange_); }

  bool Done() override {
    return InPython([&] { return nb::cast<bool>(exchange_.attr("done")()); });
  }
  void Wait() override {
    InPython([&] { exchange_.attr("wait")(); });
  }

 private:
  nb::object exchange_;
};

PythonProcesses::PythonProcesses(nb::object processes)
    : processes_(std::move(processes)),
      rank_(nb::cast<int>(processes_.attr("rank"))),
      size_(nb::cast<int>(processes_.attr("size"))) {}

PythonProcesses::~PythonProcesses() { Leave(processes_); }

void PythonProcesses::Exchange(std::span<const std::span<const std::byte>> to, std::span<const std::span<std::byte>> from) {
  Begin(to, from, 0)->Wait();
}

std::unique_ptr<ProcessGroup::Pending> PythonProcesses::Begin(std::span<const std::span<const std::byte>> to,
                                                              std::span<const std::span<std::byte>> from, int channel) {
  const auto own = static_cast<size_t>(rank_);
  if (!to[own].empty()) std::memmove(from[own].data(), to[own].data(), to[own].size());
  return InPython([&] {
    nb::list out, in;
    for (const std::span<const std::byte> bytes : to) out.append(View(bytes.data(), bytes.size(), kRead));
    for (const std::span<std::byte> bytes : from) in.append(View(bytes.data(), bytes.size(), kWrite));
    return std::make_unique<Messages>(processes_.attr("begin")(out, in, channel));
  });
}

}  // namespace eddy::python
