// Learns the weekly carbon dioxide in the air at Mauna Loa from a table, says what follows, and keeps model and report.
//     forecast CO2.csv [DIRECTORY]
// A model that "eddy train forecast" wrote loads the same way: eddy::Forecaster::Load("co2.eddy").
#include <eddy/tasks/forecast.h>

#include <cstdio>

int main(int argc, char** argv) {
  if (argc < 2) return std::fputs("usage: forecast CO2.csv [DIRECTORY]\n", stderr), 2;
  const std::string folder = argc > 2 ? argv[2] : ".";
  eddy::ForecastOptions options;
  options.target = "co2";
  options.time = "date";
  options.horizon = 8;
  options.season = 52;
  options.train.steps = 60;  // a few, for an example; left out, they suit the data
  eddy::TrainHooks hooks;
  hooks.say = [](std::string_view line) { std::printf("%.*s\n", static_cast<int>(line.size()), line.data()); };
  const auto trained = eddy::Train(options, eddy::Data::File(argv[1]), hooks);
  std::printf("%s\n", trained.evaluation.text.c_str());
  trained.model.Save(folder + "/co2.eddy");
  trained.WriteReport(folder + "/co2.html");

  const eddy::Forecaster model = eddy::Forecaster::Load(folder + "/co2.eddy");
  for (const eddy::Forecast& each : model.Predict(argv[1])) {
    const std::vector<double> median = each.Median();
    for (size_t h = 0; h < median.size(); ++h) std::printf("%s  %.2f\n", each.times[h].c_str(), median[h]);
  }
}
