using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Microcosm.Simulation;

namespace Microcosm.Cli;

/// <summary>
/// <c>cosm replay</c>: runs one seed twice and prints its trace hash, the same on every machine and in every process. Two traces that
/// differ mean that something escaped the simulation.
/// </summary>
internal static class Replay
{
    public static Command Command()
    {
        var seed = new Argument<ulong>("seed") { Description = "The seed." };
        var workload = new Argument<string?>("workload")
        {
            Description = "One workload; all when left out.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("replay", "Run one seed again and print its exact trace.")
            { seed, workload, SimOptions.Faults, SimOptions.Planted };
        command.SetAction(async (parsed, _) =>
        {
            var options = SimOptions.Of(parsed);
            List<WorkloadDefinition> workloads = parsed.GetValue(workload) is { } name ? [Catalog.Workload(name)] : [.. Catalog.Workloads];
            if (options.Schedule is not null && workloads.Count > 1)
                return Output.Fail(ExitCode.Usage, "--faults belong to one workload: say which");
            var code = ExitCode.Ok;
            foreach (var one in workloads)
                code = Math.Max(code, await RunAsync(one, parsed.GetValue(seed), options, parsed));
            return code;
        });
        return command;
    }

    private static async Task<int> RunAsync(WorkloadDefinition workload, ulong seed, SeedOptions options, ParseResult parsed)
    {
        SimulationResult Once() => SeedRunner.RunOne(workload.Create, seed, options.Schedule, options.Planted);
        var (first, second) = await Waiting.ShowAsync(workload.Name, 2, progress =>
        {
            var one = Once();
            progress(1);
            return (one, Once());
        });
        var isSame = first.TraceHash == second.TraceHash && first.Failure?.Message == second.Failure?.Message;
        if (Output.IsJson(parsed))
            Output.Json(Describe(workload, first, isSame));
        else
            Print(workload, first, isSame);
        if (!isSame)
        {
            return Output.Fail(
                ExitCode.Failed, $"{workload.Name}: seed {seed} gave trace {Hash(second)} the second time: something escapes the seed");
        }
        return first.Failure is null ? ExitCode.Ok : ExitCode.SeedFailed;
    }

    private static void Print(WorkloadDefinition workload, SimulationResult result, bool isSame)
    {
        Console.WriteLine(
            $"{workload.Name}: seed {result.Seed}, {result.Steps} steps, {result.Elapsed.TotalSeconds:0.000} s of virtual time");
        Console.WriteLine($"trace:       {Hash(result)}{(isSame ? "   twice" : "")}");
        Console.WriteLine($"faults:      {result.Faults.Faults.Count}");
        foreach (var fault in result.Faults.Faults)
            Console.WriteLine("             " + fault.Describe());
        if (result.Failure is { } failure)
            Console.WriteLine($"failure:     {failure.Kind}\nwhy:         {failure.Message.ReplaceLineEndings("\n             ")}");
        else
            Console.WriteLine("no failure");
    }

    private static JsonObject Describe(WorkloadDefinition workload, SimulationResult result, bool isSame) => new()
    {
        ["workload"] = workload.Name,
        ["seed"] = result.Seed,
        ["traceHash"] = Hash(result),
        ["isReproduced"] = isSame,
        ["steps"] = result.Steps,
        ["elapsedMs"] = result.Elapsed.TotalMilliseconds,
        ["faults"] = new JsonArray([.. result.Faults.Faults.Select(f => JsonValue.Create(f.ToString()))]),
        ["failure"] = result.Failure is { } failure ? new JsonObject { ["kind"] = failure.Kind, ["message"] = failure.Message } : null,
    };

    private static string Hash(SimulationResult result) => result.TraceHash.ToString("x16", CultureInfo.InvariantCulture);
}
