using System.CommandLine;
using Microcosm.Cli;

var root = new RootCommand("Microcosm: the datacenter in one process.") { Up.Command(), Remote.Format, Remote.Port };
// What only looks at a running world is not made when one is started: start-up is what users wait for.
if (args is not ["up", ..])
{
    foreach (var command in SteeringCommands.All())
        root.Add(command);
}
return await root.Parse(args).InvokeAsync();
