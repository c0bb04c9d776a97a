// A program that learns to tell the classes of a table apart, by logistic regression. The rows are dealt out
// to the workers; lockstep knows neither the table nor the model, only a gradient. One source, two
// executables: under mpirun, and simulated.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <lockstep/lockstep.hpp>

namespace {

using Row = std::vector<float>;  // features, 1 for the intercept, and the class, 0 or 1

Row read_row(const std::string& line, const std::string& where) {
    Row row;
    std::istringstream fields(line);
    for (std::string field; std::getline(fields, field, ',');) {
        char* end = nullptr;
        row.push_back(std::strtof(field.c_str(), &end));
        if (field.empty() || *end != '\0' || !std::isfinite(row.back()))
            throw lockstep::InputError(where + ": '" + field + "' is no number");
    }
    row.insert(row.end() - 1, 1.0F);
    return row;
}

std::vector<Row> read_table(const std::string& file) {
    std::ifstream stream(file);
    if (!stream) throw lockstep::InputError("--table: cannot read " + file);
    std::vector<Row> rows;
    std::string line;
    std::getline(stream, line);  // the names of the columns
    for (int number = 2; std::getline(stream, line); ++number) {
        if (line.empty()) continue;
        const std::string where = "--table: " + file + ":" + std::to_string(number);
        rows.push_back(read_row(line, where));
        if (rows.back().size() != rows.front().size())
            throw lockstep::InputError(where + ": not as many columns as in the first row");
    }
    if (rows.empty()) throw lockstep::InputError("--table: " + file + " has no rows");
    return rows;
}

float probability(std::span<const float> w, const Row& row) {
    float z = 0;
    for (std::size_t i = 0; i < w.size(); ++i) z += w[i] * row[i];
    return 1 / (1 + std::exp(-z));
}

void learn(const lockstep::Rank& rank) {
    const std::vector<Row> rows = read_table(rank.text("table"));
    const std::size_t features = rows.front().size() - 1;
    const std::size_t batch = rank.whole("batch");
    const std::size_t me = rank.communicator.rank();
    const std::size_t all = rank.communicator.size();
    const lockstep::Schedule schedule{.steps = rank.whole("steps"),
                                      .learning_rate = static_cast<float>(rank.number("rate")),
                                      .flops = 4.0 * static_cast<double>(batch * features)};
    lockstep::GradientTraining training(
        features, schedule, [&](std::uint64_t step, std::span<const float> w, std::span<float> gradient) {
            for (std::size_t k = 0; k < batch; ++k) {
                const Row& row = rows[((step * batch + k) * all + me) % rows.size()];
                const float error = (probability(w, row) - row.back()) / static_cast<float>(batch);
                for (std::size_t i = 0; i < features; ++i) gradient[i] += error * row[i];
            }
        });
    const lockstep::LocalSgd method(lockstep::LocalSteps{.period = {.steps = 8}},
                                    lockstep::Summing{.collective = "ring"});
    const std::vector<float> start(features, 0.0F);
    const lockstep::Trained trained = lockstep::train(rank.communicator, training, method, start);
    if (me != 0) return;
    std::printf("%s", lockstep::to_text(trained).c_str());
    if (!lockstep::arithmetic_is_real()) return;  // --numerics none: time alone
    std::size_t right = 0;
    for (const Row& row : rows) right += (probability(trained.parameters, row) > 0.5F) == (row.back() > 0.5F);
    std::printf("\n%zu of %zu rows right\n", right, rows.size());
}

}  // namespace

int main(int count, char** arguments) {
    return lockstep::run_ranks(
        count, arguments,
        {"own_training",
         "logistic regression of a table",
         {{"table", "FILE", "points.csv", "Comma-separated; the last column is the class, 0 or 1."},
          {"steps", "N", "400", "Of each worker."},
          {"batch", "N", "8", "Rows a step."},
          {"rate", "NUMBER", "0.5", "Learning rate."}},
         learn});
}
