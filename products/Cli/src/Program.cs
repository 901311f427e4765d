using System.CommandLine;
using Microcosm.Cli;

var root = new RootCommand(ExitCode.Documented) { Up.Command(), Output.Format, Remote.Port };
// What is not needed to start a world is not made when one is started: start-up is what users wait for.
if (args is not ["up", ..])
{
    foreach (var command in SteeringCommands.All())
        root.Add(command);
    foreach (var command in new[] { Sim.Command(), Replay.Command(), Score.Command(), Doctor.Command(), Learn.Command() })
        root.Add(command);
}
var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
        Output.Fail(ExitCode.Usage, error.Message);
    return Output.Fail(ExitCode.Usage, "'cosm --help' and 'cosm COMMAND --help' say what there is");
}
try
{
    return await parsed.InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        // After the usual two seconds the process is cut off, while nodes still write to their disks and spans are under way.
        ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
    });
}
catch (Exception e) when (e is ArgumentException or FormatException)
{
    return Output.Fail(ExitCode.Usage, e.Message);
}
