using System.Buffers.Binary;
using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Http.Tests;

/// <summary>Names that are looked up at servers which answer well, badly, late, or not at all.</summary>
public sealed class ResolverTests
{
    private readonly TestWorker _worker = TestWorker.New();
    private readonly List<string> _told = [];
    private Resolver _resolver;

    public ResolverTests() => _resolver = New();

    [Fact]
    public void A_name_has_addresses_of_both_kinds()
    {
        Ask("A.Test.");
        Answers("A a.test", 0, "A 60 10.0.0.1", "A 60 10.0.0.2");
        Assert.Empty(_told);
        Answers("Aaaa a.test", 0, "Aaaa 60 fe80::1");
        Assert.Equal(["Ok 10.0.0.1 10.0.0.2 fe80::1"], Told());
        Assert.All(_worker.Datagrams, d => Assert.True(d.IsClosed));
        Assert.Equal(0, _resolver.QuestionCount);
    }

    [Fact]
    public void Who_asks_for_the_same_name_waits_with_the_others()
    {
        Ask("a.test");
        Ask("A.TEST");
        Assert.Equal((2, 1), (_worker.Datagrams.Count, _resolver.QuestionCount));
        AnswersBoth("a.test", "10.0.0.1");
        Assert.Equal(["Ok 10.0.0.1", "Ok 10.0.0.1"], Told());
    }

    [Fact]
    public void An_answer_holds_as_long_as_the_shortest_of_its_records()
    {
        Ask("a.test");
        Answers("A a.test", 0, "A 5 10.0.0.1", "A 60 10.0.0.2");
        Answers("Aaaa a.test", 0);
        Told();
        _worker.Advance(4900);
        Ask("a.test");
        Assert.Equal(["10.0.0.1", "10.0.0.2", "Ok"], Told()[0].Split(' ').Order(StringComparer.Ordinal));
        _worker.Advance(200);
        Ask("a.test");
        Assert.Empty(_told);
    }

    [Fact]
    public void What_the_options_say_overrides_the_records()
    {
        _resolver = New(o => o with { ValidSeconds = 100, UsesIp6 = false });
        Ask("a.test");
        Answers("A a.test", 0, "A 0 10.0.0.1");
        _worker.Advance(99_000);
        Ask("a.test");
        Assert.Equal(["Ok 10.0.0.1", "Ok 10.0.0.1"], Told());
    }

    [Theory]
    [InlineData(1, "FormatError")]
    [InlineData(2, "ServerFailure")]
    [InlineData(3, "NotFound")]
    [InlineData(5, "Refused")]
    public void An_error_for_either_kind_is_one_for_the_name_and_is_not_remembered(int code, string status)
    {
        Ask("a.test");
        Answers("A a.test", 0, "A 60 10.0.0.1");
        Answers("Aaaa a.test", code);
        Assert.Equal([status + " "], Told());
        Ask("a.test");
        AnswersBoth("a.test", "10.0.0.1");
        Assert.Equal(["Ok 10.0.0.1"], Told());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("a.test..")]
    public void What_is_no_name_is_not_found(string name)
    {
        Ask(name);
        Assert.Equal(["NotFound "], Told());
        Assert.Empty(_worker.Datagrams);
    }

    [Fact]
    public void An_alias_is_followed()
    {
        Ask("a.test");
        Answers("A a.test", 0, "CName 60 b.test");
        Answers("Aaaa a.test", 0, "CName 60 b.test");
        AnswersBoth("b.test", "10.0.0.1");
        Assert.Equal(["Ok 10.0.0.1"], Told());
        Ask("a.test");
        Assert.Equal(["Ok 10.0.0.1"], Told());
    }

    [Fact]
    public void An_alias_of_itself_comes_to_an_end()
    {
        _resolver = New(o => o with { UsesIp6 = false });
        Ask("a.test");
        Answers("A a.test", 0, "CName 60 a.test");
        Assert.Equal(["NotFound "], Told());
    }

    [Fact]
    public void What_does_not_fit_the_question_is_not_looked_at()
    {
        _resolver = New(o => o with { UsesIp6 = false });
        Ask("a.test");
        var datagrams = _worker.Datagrams[^1];
        var answer = DnsAnswer.To(datagrams.Sent[0], ["A 60 10.6.6.6"]);
        answer[1]++; // another's number
        datagrams.Answer(answer);
        answer = DnsAnswer.To(datagrams.Sent[0], ["A 60 10.6.6.6"]);
        answer[13] = (byte)'x'; // another name
        datagrams.Answer(answer);
        datagrams.Answer(DnsAnswer.To(datagrams.Sent[0], ["A 60 10.6.6.6"])[..^2]); // cut
        datagrams.Answer(datagrams.Sent[0]); // a question
        datagrams.Answer([1, 2, 3]);
        Assert.Empty(_told);
        datagrams.Answer(DnsAnswer.To(datagrams.Sent[0], ["A 60 10.0.0.1"]));
        Assert.Equal(["Ok 10.0.0.1"], Told());
    }

    [Fact]
    public void A_server_that_is_silent_is_asked_no_more_but_the_next()
    {
        _resolver = New(o => o with { UsesIp6 = false });
        Ask("a.test");
        _worker.Advance(5000);
        Assert.Equal([1, 2], _worker.Datagrams.Select(d => (int)d.Remote.Address.GetAddressBytes()[3]));
        Assert.True(_worker.Datagrams[0].IsClosed);
        Answers("A a.test", 0, "A 60 10.0.0.1");
        Assert.Equal(["Ok 10.0.0.1"], Told());
    }

    [Fact]
    public void Who_has_waited_long_enough_waits_no_more()
    {
        Ask("a.test", timeoutMs: 1000);
        Ask("a.test", timeoutMs: 2000);
        _worker.Advance(1000);
        Assert.Equal(["TimedOut "], Told());
        Assert.Equal(1, _resolver.QuestionCount);
        _worker.Advance(1000);
        Assert.Equal(["TimedOut "], Told());
        Assert.Equal(0, _resolver.QuestionCount);
    }

    [Fact]
    public void Who_has_cancelled_is_told_nothing()
    {
        var lookup = Ask("a.test");
        lookup!.Cancel();
        Assert.All(_worker.Datagrams, d => Assert.True(d.IsClosed));
        _worker.Advance(60_000);
        Assert.Empty(_told);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_answer_that_is_too_long_is_asked_for_over_a_connection(bool hasDatagrams)
    {
        _worker.HasNoDatagrams = !hasDatagrams;
        _resolver = New(o => o with { UsesIp6 = false });
        Ask("a.test");
        if (hasDatagrams)
            _worker.Datagrams[^1].Answer(DnsAnswer.To(_worker.Datagrams[^1].Sent[0], [], isTruncated: true));
        var transport = new TestTransport(_worker.Executor);
        transport.Session = _worker.Attempts.Dequeue().Handler.Connected(transport);
        _worker.Carrier.Run();
        var sent = System.Text.Encoding.Latin1.GetBytes(transport.TakeSent());
        var answer = DnsAnswer.To(sent.AsSpan(2), ["A 60 10.0.0.1"]);
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
        transport.Send(length);
        transport.Send(answer.AsSpan(0, 20));
        Assert.Empty(_told);
        transport.Send(answer.AsSpan(20));
        Assert.Equal(["Ok 10.0.0.1"], Told());
        Assert.Equal("closed", transport.State);
    }

    [Fact]
    public void A_service_has_the_addresses_of_its_servers_the_first_before_the_others()
    {
        _resolver = New(o => o with { UsesIp6 = false });
        _resolver.ResolveService("a.test", "http", 1000, Tell);
        Answers("Srv _http._tcp.a.test", 0, "Srv 60 2 1 81 c.test", "Srv 60 1 0 80 b.test", "Srv 60 2 1 82 d.test");
        Answers("A b.test", 0, "A 60 10.0.0.1");
        Answers("A c.test", 0, "A 60 10.0.0.2");
        Answers("A d.test", 2);
        Assert.Equal(["Ok 10.0.0.1:80/1/1 10.0.0.2:81/2/1"], Told());
        _resolver.ResolveService("a.test", "_x._udp", 1000, Tell);
        Answers("Srv _x._udp.a.test", 3);
        Assert.Equal(["NotFound "], Told());
    }

    [Fact]
    public void Names_and_questions_are_bounded()
    {
        _resolver = New(o => o with { UsesIp6 = false, NamesMax = 10, QuestionsMax = 10 });
        for (var i = 0; i < 100; i++)
        {
            Ask($"n{i}.test");
            Answers($"A n{i}.test", 0, "A 60 10.0.0.1");
            Assert.InRange(_resolver.KnownCount, 1, 10);
        }
        Told();
        for (var i = 0; i < 100; i++)
            Ask($"q{i}.test");
        Assert.Equal((10, 90), (_resolver.QuestionCount, Told().Count(t => t == "ServerFailure ")));
    }

    [Fact]
    public void Any_bytes_are_an_answer_or_none()
    {
        var random = new Random(7);
        var question = DnsMessage.TryQuestion(1, "a.test", DnsType.Srv)!;
        byte[][] seeds =
        [
            DnsAnswer.To(question, ["Srv 60 1 5 80 b.test", "CName 60 c.test"]),
            DnsAnswer.To(DnsMessage.TryQuestion(2, "a.test", DnsType.A)!, ["A 60 10.0.0.1", "A 1 10.0.0.2"]),
            DnsAnswer.To(DnsMessage.TryQuestion(3, "a.test", DnsType.Aaaa)!, ["Aaaa 60 fe80::1"]),
        ];
        var parsed = 0;
        for (var i = 0; i < 1_000_000; i++)
        {
            var seed = seeds[random.Next(seeds.Length)];
            var input = seed.AsSpan(0, random.Next(4) == 0 ? random.Next(seed.Length + 1) : seed.Length).ToArray();
            for (var changes = random.Next(4); changes > 0 && input.Length > 0; changes--)
                input[random.Next(input.Length)] = (byte)(random.Next(2) == 0 ? random.Next(256) : random.Next(4) * 64 + 12);
            if (DnsMessage.TryParse(input, out var response))
            {
                parsed++;
                Assert.InRange(response.Answers.Count, 0, 512);
            }
        }
        Assert.InRange(parsed, 100_000, 999_999);
    }

    private Resolver New(Func<ResolverOptions, ResolverOptions>? with = null)
    {
        var options = new ResolverOptions([.. new[] { "10.9.9.1", "10.9.9.2" }.Select(a => new IPEndPoint(IPAddress.Parse(a), 53))]);
        return new Resolver(_worker, with is null ? options : with(options), new RandomStream(1));
    }

    private Lookup? Ask(string name, long timeoutMs = 30_000) => _resolver.Resolve(name, timeoutMs, Tell);

    private void Tell(Resolution resolution) => _told.Add($"{resolution.Status} " + string.Join(' ',
        resolution.Addresses.Select(a => a.Port == 0 ? $"{a.Ip}" : $"{a.Ip}:{a.Port}/{a.Priority}/{a.Weight}")));

    private string[] Told()
    {
        string[] told = [.. _told];
        _told.Clear();
        return told;
    }

    private void AnswersBoth(string name, string address)
    {
        Answers($"A {name}", 0, $"A 60 {address}");
        Answers($"Aaaa {name}", 0);
    }

    private void Answers(string question, int code, params string[] records)
    {
        var datagrams = _worker.Datagrams.Last(d => !d.IsClosed && DnsAnswer.QuestionOf(d.Sent[0]) == question);
        datagrams.Answer(DnsAnswer.To(datagrams.Sent[0], records, code));
    }
}
