// What a verb says while it works, on stderr, so that stdout holds results alone. On a terminal one live line is kept up to
// date; elsewhere there are plain lines only. Quiet, it says nothing.
#pragma once

#include <string>
#include <string_view>

namespace eddy {

class Console {
 public:
  // Several processes that share a terminal, so that it is not `alone`, have plain lines there as well.
  explicit Console(bool quiet, bool alone = true);
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  bool terminal() const { return terminal_; }
  void Line(std::string_view text);  // stays
  void Live(std::string_view text);  // replaces the live line; nothing when this is no terminal
  void ClearLive();

 private:
  bool quiet_;
  bool terminal_;
  bool live_ = false;  // whether a live line is shown
};

// "3:05", "1:02:03"
std::string Duration(double seconds);

}  // namespace eddy
