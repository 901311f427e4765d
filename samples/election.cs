#!/usr/bin/env dotnet
// A leader that is cut off does not know that there is another. What keeps it from doing harm? dotnet run -c Release samples/election.cs
#:project ../products/World/src/Microcosm.World.csproj
#:project ../systems/Chubby/src/Microcosm.Chubby.csproj
#:property PublishAot=false

using System.Text;
using Microcosm;
using Microcosm.Chubby;
using Microcosm.Chubby.Client;

// No ports: the candidates join in memory, each by its own name, so that links between them and the cell can be cut.
await using var world = await World.StartAsync(w =>
{
    w.Options.Ports = PortPolicy.None;
    w.AddChubby(o => o.Replicas = 3);
});
await using var anna = await JoinAsync("anna");
await using var bob = await JoinAsync("bob");
var (annas, bobs) = (await OpenAsync(anna), await OpenAsync(bob));

// Whoever holds the lock leads, and writes its name where clients look.
var sequencer = await annas.AcquireAsync(LockMode.Exclusive);
await annas.SetContentsAsync("anna"u8.ToArray());
Console.WriteLine($"{await LeaderAsync()} leads, with lock number {sequencer.Generation}");

// A member of the cell dies: sessions and locks are the majority's.
await world.Node("chubby-1").KillAsync();
Console.WriteLine($"without chubby-1: {await LeaderAsync()} leads");
await world.Node("chubby-1").RestartAsync();

// anna is cut off. Time passes step by step, until her session's lease is over and the lock is free.
var next = bobs.AcquireAsync(LockMode.Exclusive);
foreach (var member in world.Nodes)
    world.Links.Cut("anna", member.Name);
while (await bob.CheckSequencerAsync(sequencer))
    world.Clock.Advance(TimeSpan.FromMilliseconds(200));
var newer = await next;
await bobs.SetContentsAsync("bob"u8.ToArray());
Console.WriteLine($"anna is cut off: {await LeaderAsync()} leads, with lock number {newer.Generation}");

// What anna still has under way carries her sequencer; the servers it reaches ask the cell, and refuse.
Console.WriteLine($"anna's sequencer is {(await bob.CheckSequencerAsync(sequencer) ? "good" : "refused")}");
Console.WriteLine($"bob's sequencer is {(await bob.CheckSequencerAsync(newer) ? "good" : "refused")}");

Task<ChubbyClient> JoinAsync(string name) => ChubbyClient.ConnectAsync(
    ChubbyClientOptions.InWorld(3, (address, cancellation) => world.ConnectAsync(address, name, cancellation), world.Clock.Time));

Task<ChubbyHandle> OpenAsync(ChubbyClient client) =>
    client.OpenAsync("/leader", FileModes.Read | FileModes.Write | FileModes.Create);

async Task<string> LeaderAsync() => Encoding.UTF8.GetString((await bobs.GetContentsAndStatAsync()).Bytes.Span);
