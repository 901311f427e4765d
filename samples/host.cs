#!/usr/bin/env dotnet
// An application with Redis beside it: dotnet run -c Release samples/host.cs
// The application reads ConnectionStrings:redis, as it does in production. No Docker, nothing to install, nothing left behind.
#:project ../products/World/src/Microcosm.World.csproj
#:project ../systems/Redis/src/Microcosm.Redis.csproj
#:package StackExchange.Redis
#:property PublishAot=false

using Microcosm;
using Microcosm.Redis;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.AddMicrocosm(world => world.AddRedis());
builder.Services.AddSingleton<IConnectionMultiplexer>(services =>
    ConnectionMultiplexer.Connect(services.GetRequiredService<IConfiguration>().GetConnectionString("redis")!));

await using var app = builder.Build();
app.Urls.Add("http://127.0.0.1:0");
app.MapGet("/visits", async (IConnectionMultiplexer redis) => $"visit {await redis.GetDatabase().StringIncrementAsync("visits")}");
await app.StartAsync();

// A sample plays the user itself; an application would call app.Run().
using var user = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
Console.WriteLine(await user.GetStringAsync("/visits"));
Console.WriteLine(await user.GetStringAsync("/visits"));
await app.StopAsync();
