// A program of MPI's that trains on half of its ranks, twice, among messages of its own.
#include <cmath>
#include <cstdio>
#include <memory>
#include <vector>

#include <lockstep/comm/mpi/over_mpi.hpp>
#include <lockstep/lockstep.hpp>
#include <mpi.h>

namespace {

/// Counts what it hears.
class Counting : public lockstep::Journal {
  public:
    void applied(const lockstep::Update&) override { ++updates; }
    int updates = 0;
};

void train(MPI_Comm half, int world_rank) {
    lockstep::Communicator communicator(std::make_unique<lockstep::comm::MpiTransport>(half));
    lockstep::GradientTraining training(
        2, {.steps = 20, .optimising = {.optimiser = "momentum", .momentum = 0.9}},
        [](std::uint64_t, std::span<const float> w, std::span<float> gradient) {
            for (std::size_t i = 0; i < w.size(); ++i) gradient[i] += w[i] - 3;
        });
    for (int round = 0; round < 2; ++round) {
        Counting journal;
        const std::vector<float> start{0, 1};
        const auto trained =
            lockstep::train(communicator, training, lockstep::SyncAverage(), start, {.journal = &journal});
        if (communicator.rank() == 0)
            std::printf("world rank %d, round %d: %d updates heard, %s\n", world_rank, round, journal.updates,
                        trained.digest().c_str());
    }
}

/// What all hold is returned to the bit, also where sums would lose it.
bool keeps_minus_zero(MPI_Comm half) {
    lockstep::Communicator communicator(std::make_unique<lockstep::comm::MpiTransport>(half));
    lockstep::GradientTraining training(1, {}, [](auto...) {});
    const std::vector<float> start{-0.0F};
    return std::signbit(
        lockstep::train(communicator, training, lockstep::SyncAverage(), start).parameters[0]);
}

}  // namespace

int main(int count, char** arguments) {
    MPI_Init(&count, &arguments);
    int rank = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm half = MPI_COMM_NULL;
    MPI_Comm_split(MPI_COMM_WORLD, rank % 2, rank, &half);
    int before = rank;
    int sum = 0;
    MPI_Request request = MPI_REQUEST_NULL;
    MPI_Iallreduce(&before, &sum, 1, MPI_INT, MPI_SUM, half, &request);  // under way meanwhile
    train(half, rank);
    const bool is_exact = keeps_minus_zero(half);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
    MPI_Comm_free(&half);
    MPI_Finalize();
    return is_exact && sum == (rank % 2 == 0 ? 2 : 4) ? 0 : 1;
}
