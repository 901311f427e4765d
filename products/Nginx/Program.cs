using Microcosm.Nginx;

#pragma warning disable RS0030 // a program of its own runs on the machine's clock
return NginxProgram.OnMachine(TimeProvider.System).Run(args);
#pragma warning restore RS0030
