#:package Microsoft.Garnet
#:property PublishAot=false
#:property ServerGarbageCollection=true
#:property NoWarn=NU1603;NU1605;NU1608
// Microsoft's Garnet as a process of its own, to be measured beside ours (bench/run redis builds it). A registry that lacks an exact
// version of what Garnet depends on gives a newer one, hence the warnings that are off.
using Garnet;

using var server = new GarnetServer(args);
server.Start();
Thread.Sleep(Timeout.Infinite);
