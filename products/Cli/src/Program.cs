using System.CommandLine;
using Microcosm.Cli;

var root = new RootCommand("Microcosm: the datacenter in one process.")
{
    Up.Command(),
};
return await root.Parse(args).InvokeAsync();
