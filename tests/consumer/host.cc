// Loads the plugin that it is given, twice, and calls it.
#include <dlfcn.h>

#include <cstdio>

int main(int, char** argv) {
  for (int round = 0; round < 2; ++round) {
    void* plugin = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (plugin == nullptr) {
      std::fprintf(stderr, "%s\n", dlerror());
      return 1;
    }
    const auto step = reinterpret_cast<float (*)(float)>(dlsym(plugin, "plugin_step"));
    const float value = step(0.5f);
    std::printf("the plugin gives %.4f\n", static_cast<double>(value));
    if (value == 0) return 1;
    dlclose(plugin);
  }
}
