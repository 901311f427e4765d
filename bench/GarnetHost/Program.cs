using Garnet;

// Microsoft's Garnet as a process of its own, to be measured beside ours.
using var server = new GarnetServer(args);
server.Start();
Thread.Sleep(Timeout.Infinite);
