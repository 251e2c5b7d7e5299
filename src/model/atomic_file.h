// Writes a file whole or not at all: into a temporary beside it, synced, then renamed over it. Whoever reads the path sees
// the old content or the new, also after SIGKILL or a power cut.
//
//     AtomicFile file("book.eddy");
//     file.Write(header);
//     file.Write(data);
//     file.Commit();  // without it, the destructor removes the temporary and the path is as before
//
// A temporary that a killed process left behind is removed by the next AtomicFile of the same path; one that a living
// process is writing is locked (flock) and left alone. A symbolic link is followed. Writes from one thread.
#pragma once

#include <string>
#include <string_view>

namespace eddy {

// The temporaries of a path are PATH.part-0, PATH.part-1 ...
inline constexpr std::string_view kTemporarySuffix = ".part-";

class AtomicFile {
 public:
  // Throws Error when the path is something else than a regular file, is write-protected, or its directory is not writable.
  explicit AtomicFile(const std::string& path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void Write(std::string_view bytes);  // appends; throws Error, for a full disk say
  void Commit();                       // syncs and renames; nothing may be written afterwards

 private:
  [[noreturn]] void FailWith(int error) const;

  std::string path_;       // as given, for errors
  std::string target_;     // with links followed
  std::string temporary_;  // empty once renamed
  int file_ = -1;
};

}  // namespace eddy
