using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Http.Tests;

/// <summary>Checks as they run, with time and servers that the test turns.</summary>
public sealed class HealthCheckerTests
{
    private readonly TestWorker _worker = TestWorker.New();
    private readonly List<string> _told = [];

    [Fact]
    public void A_connection_is_a_pass_and_none_a_failure_and_a_check_follows_each_interval()
    {
        var checker = Checker(new TcpProbe(ConnectOptions.Default), new HealthCheckOptions { IntervalMs = 1000 });
        Assert.Null(Accept(out var transport));
        Assert.Equal(0, transport.PendingBytes);
        _worker.Advance(999);
        Assert.Empty(_worker.Attempts);
        _worker.Advance(1);
        _worker.Attempts.Dequeue().Handler.Failed(new ConnectFailedException(111));
        _worker.Advance(1000);
        Accept(out _);
        Told("pass Healthy", "connecting Unhealthy!", "pass Healthy!");
        checker.End();
        _worker.Advance(10_000);
        Assert.Empty(_worker.Attempts);
    }

    [Fact]
    public void What_a_server_says_is_waited_for_piece_by_piece()
    {
        Checker(new TcpProbe(ConnectOptions.Default) { Says = [.. "hello"u8], Expects = b => b.IndexOf("welcome"u8) >= 0 }, new());
        Assert.NotNull(Accept(out var transport));
        Assert.Equal("hello", transport.TakeSent());
        transport.Send("you are wel");
        Told();
        transport.Send("come here");
        Told("pass Healthy");
        Assert.Equal("closed", transport.State);
    }

    [Fact]
    public void A_server_that_says_something_else_or_nothing_or_too_much_fails()
    {
        Checker(new TcpProbe(ConnectOptions.Default) { Expects = b => b.IndexOf("welcome"u8) >= 0 },
            new HealthCheckOptions { TimeoutMs = 500, IntervalMs = 1000 });
        Assert.NotNull(Accept(out var left));
        left.Send("go away");
        left.EndInput();
        _worker.Advance(1000);
        Assert.NotNull(Accept(out _));
        _worker.Advance(1000);
        Assert.NotNull(Accept(out var talks));
        talks.Send(new string('x', 64 * 1024));
        Told("checking data Unhealthy!", "waiting for the response Unhealthy", "checking data Unhealthy");
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "pass Healthy")]
    [InlineData("HTTP/1.1 301 Moved\r\nContent-Length: 2\r\n\r\nok", "pass Healthy")]
    [InlineData("HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\nok", "checking status code Unhealthy!")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno", "checking body Unhealthy!")]
    [InlineData("garbage\r\n\r\n", "reading response header Unhealthy!")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", "reading response Unhealthy!")]
    public void A_response_is_looked_at(string response, string told)
    {
        Checker(Probe(new() { Status = StatusExpectation.Success, Body = [b => b.IndexOf("ok"u8) >= 0] }), new());
        Answer(response);
        Told(told);
    }

    [Fact]
    public void Of_a_body_without_an_end_only_its_beginning_is_read()
    {
        Checker(Probe(new() { Body = [b => b.Length == 10], BodyBytesMax = 10 }), new());
        var transport = Answer("HTTP/1.1 200 OK\r\n\r\n123456789");
        Told();
        transport.Send("0" + new string('x', 1000));
        Told("pass Healthy");
        Assert.Equal("closed", transport.State);
    }

    [Fact]
    public void A_server_that_trickles_fails_when_the_time_is_over()
    {
        Checker(Probe(ResponseExpectation.Success), new HealthCheckOptions { TimeoutMs = 3000, IntervalMs = 5000 });
        var transport = Answer("HTTP/1.1 200 OK\r\n\r\n");
        for (var i = 0; i < 3; i++)
        {
            transport.Send("x");
            _worker.Advance(1000);
        }
        Told("waiting for the response Unhealthy!");
        Assert.Equal("closed", transport.State);
        _worker.Advance(2000);
        Assert.Single(_worker.Attempts);
    }

    [Fact]
    public void A_connection_that_may_be_kept_asks_again()
    {
        var pool = new IdlePool([_worker], 1);
        Checker(Probe(ResponseExpectation.Success, pool), new HealthCheckOptions { IntervalMs = 1000 });
        var transport = Answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        _worker.Advance(1000);
        Assert.Empty(_worker.Attempts);
        Assert.StartsWith("GET /health HTTP/1.1\r\n", transport.TakeSent());
        transport.Send("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
        Told("pass Healthy", "checking status code Unhealthy!");
    }

    private HealthChecker Checker(HealthProbe probe, HealthCheckOptions options)
    {
        var checker = new HealthChecker(_worker, new NodeEndPoint("origin", 80), probe, options, () => 0, (c, result, isOther) =>
            _told.Add($"{result.Fault ?? "pass"} {c.Check.State}{(isOther ? "!" : "")}"));
        checker.Begin();
        _worker.Carrier.Run();
        return checker;
    }

    private static HttpProbe Probe(ResponseExpectation expectation, IdlePool? pool = null) => new(UpstreamOptions.Default)
    {
        Target = "/health"u8.ToArray(), Expectation = expectation, Pool = pool, Fields = f => f.Add(KnownHeader.Host, "h"u8),
    };

    private TestTransport Answer(string response)
    {
        Assert.NotNull(Accept(out var transport));
        Assert.Equal("GET /health HTTP/1.1\r\nHost: h\r\n\r\n", transport.TakeSent());
        transport.Send(Encoding.Latin1.GetBytes(response));
        _worker.Carrier.Run();
        return transport;
    }

    private Session? Accept(out TestTransport transport)
    {
        transport = new TestTransport(_worker.Executor);
        transport.Session = _worker.Attempts.Dequeue().Handler.Connected(transport);
        return transport.Session;
    }

    private void Told(params string[] expected) => Assert.Equal(expected, _told);
}
