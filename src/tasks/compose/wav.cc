#include "tasks/compose/wav.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "base/find_program.h"
#include "data/read_file.h"
#include "eddy/error.h"
#include "model/atomic_file.h"

extern char** environ;

namespace eddy {
namespace {

constexpr const char* kProgram = "fluidsynth";
constexpr const char* kInstall = "fluidsynth and a sound font (Debian: fluidsynth, timgm6mb-soundfont)";

std::optional<std::string> FindSoundFont() {
  if (const char* told = std::getenv("EDDY_SOUNDFONT")) return told;
  for (const char* candidate : {"/usr/share/sounds/sf2/default-GM.sf2", "/usr/share/sounds/sf3/default-GM.sf3",
                                "/usr/share/sounds/sf2/TimGM6mb.sf2", "/usr/share/sounds/sf2/FluidR3_GM.sf2"}) {
    if (access(candidate, R_OK) == 0) return candidate;
  }
  return std::nullopt;
}

// A folder of its own that goes with it.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "eddy-wav-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) Fail("render", "the temporary folder", "one that can be made", name);
    path_ = name;
  }
  ~ScratchFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  std::string Path(const char* name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// Runs a program that says nothing; its exit code.
int RunQuietly(const std::string& program, std::vector<std::string> words) {
  words.insert(words.begin(), program);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int error = posix_spawn(&child, program.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return 127;
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

}  // namespace

void RequireRenderer() {
  Require(FindProgram(kProgram).has_value(), "render", "sound", kInstall, "no fluidsynth");
  Require(FindSoundFont().has_value(), "render", "sound", kInstall, "no sound font");
}

void RenderWav(std::string_view midi, const std::string& path) {
  RequireRenderer();
  const ScratchFolder folder;
  AtomicFile file(folder.Path("in.mid"));
  file.Write(midi);
  file.Commit();
  const std::string out = folder.Path("out.wav");
  const int code =
      RunQuietly(*FindProgram(kProgram), {"-ni", "-q", "-r", "44100", "-F", out, *FindSoundFont(), folder.Path("in.mid")});
  Require(code == 0 && std::filesystem::exists(out), "render", path, "sound that fluidsynth makes",
          "nothing (exit code " + std::to_string(code) + ")");
  AtomicFile wav(path);
  wav.Write(ReadFile(out));
  wav.Commit();
}

}  // namespace eddy
