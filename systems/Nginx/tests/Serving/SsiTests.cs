namespace Microcosm.Nginx.Tests;

/// <summary>Commands in bodies, asked over sockets.</summary>
public sealed class SsiTests
{
    private const string Html = "default_type text/html; ";

    [Theory]
    [InlineData("<!--#echo var=\"arg_a\" -->|<!--#echo var=\"arg_b\" -->|<!--#echo var=\"arg_b\" default=\"d\" -->", "1<|(none)|d")]
    [InlineData("<!--#set var=\"V\" value=\"$arg_a ${uri}\\$\" --><!--#echo var=\"v\" encoding=\"none\" -->", "1< /t$")]
    [InlineData("<!--#set var=\"v\" value=\"<'>\" --><!--#echo var=\"v\" --><!--#echo var=\"v\" encoding=\"url\" -->",
        "&lt;'&gt;%3C%27%3E")]
    [InlineData("<!--#if expr=\"$arg_a = /(\\d)(?<n>.)/\" --><!--#echo var=\"1\" --><!--#echo var=\"n\" --><!--#endif -->", "1&lt;")]
    [InlineData("<!--#if expr=\"$arg_b\" -->i<!--#elif expr=\"x != y\" -->e<!--#else -->o<!--#endif -->", "e")]
    [InlineData("<!--#if expr=\"a = b\" -->i<!--#elif expr=\"\" -->e<!--#else -->o<!--#endif -->", "o")]
    [InlineData("<!--#config errmsg=\"E\" -->a<!--#what -->b<!--#else -->c<!--#echo -->", "aEbEcE")]
    [InlineData("<!--#config timefmt=\"%s\" --><!--#set var=\"d\" value=\"$date_gmt\" -->"
        + "<!--#if expr=\"$d = /^\\d+/\" -->t<!--#endif -->", "t")]
    [InlineData("<!--#echo var=\"made\" -->", "of /t")]
    public async Task A_command_is_carried_out(string page, string body)
    {
        await using var nginx = await RunningNginx.StartAsync(
            Html + "set $made \"of $uri\"; location / { ssi on; }", ("t", page));
        var answer = await nginx.GetAsync("/t?a=1<");
        Assert.DoesNotContain("Last-Modified", answer);
        Assert.DoesNotContain("Accept-Ranges", answer);
        Assert.Equal(body.Replace("1<|", "1&lt;|"), Text(answer));
    }

    [Theory]
    [InlineData("<!--#include virtual=\"/in?x=$arg_a\" -->|<!--#include file=\"in\" -->", "(1)|((none))")]
    [InlineData("<!--#include virtual=\"in?x=2\" set=\"v\" -->|<!--#echo var=\"v\" -->", "|(2)")]
    [InlineData("<!--#include virtual=\"/../in\" -->", "[an error occurred while processing the directive]")]
    [InlineData("<!--#block name=\"b\" -->S<!--#echo var=\"uri\" --><!--#endblock -->"
        + "<!--#include virtual=\"/no\" stub=\"b\" -->!", "S/no!")]
    [InlineData("<!--#block name=\"b\" -->S<!--#endblock --><!--#include virtual=\"/empty\" stub=\"b\" -->", "S")]
    [InlineData("<!--#include virtual=\"/outer\" -->|<!--#include virtual=\"/in\" wait=\"yes\" -->|", "[((none))]|((none))|")]
    public async Task A_response_is_included(string page, string body)
    {
        await using var nginx = await RunningNginx.StartAsync(Html + "location / { ssi on; }", ("t", page),
            ("in", "(<!--#echo var=\"arg_x\" -->)"), ("outer", "[<!--#include virtual=\"/in\" -->]"), ("empty", ""));
        Assert.Equal(body, Text(await nginx.GetAsync("/t?a=1")));
    }

    [Fact]
    public async Task Large_inclusions_come_in_their_order()
    {
        var (first, second) = (Numbers('a'), Numbers('b'));
        await using var nginx = await RunningNginx.StartAsync(Html + "location / { ssi on; }",
            ("t", $"<!--#include virtual=\"/1\" -->{first}<!--#include virtual=\"/2\" -->-<!--#include virtual=\"/1\" -->"),
            ("1", first), ("2", second));
        Assert.Equal(first + first + second + "-" + first, Text(await nginx.GetAsync("/t")));
    }

    [Fact]
    public async Task A_value_that_is_too_large_ends_the_response_before_it_began()
    {
        await using var nginx = await RunningNginx.StartAsync(
            Html + "location / { ssi on; } location /in { subrequest_output_buffer_size 3; }",
            ("t", "text <!--#include virtual=\"/in\" set=\"v\" -->"), ("in", "1234"));
        Assert.Equal("", await nginx.GetAsync("/t"));
    }

    [Fact]
    public async Task Who_wants_it_keeps_the_version_and_is_not_told_of_errors()
    {
        await using var nginx = await RunningNginx.StartAsync(
            Html + "location / { ssi on; ssi_last_modified on; ssi_silent_errors on; ssi_value_length 3; }",
            ("t", "a<!--#echo var=\"uri\" -->b<!--#echo var=\"host\" -->c"));
        var answer = await nginx.GetAsync("/t");
        Assert.Contains("Last-Modified", answer);
        Assert.Contains("ETag: W/\"", answer);
        Assert.Equal("a/tbc", Text(answer));
    }

    [Fact]
    public async Task Other_types_are_left_alone()
    {
        await using var nginx = await RunningNginx.StartAsync(
            "default_type text/plain; location / { ssi on; } location /all/ { alias html/; ssi on; ssi_types *; }",
            ("t", "<!--#echo var=\"uri\" -->"));
        Assert.EndsWith("\r\n\r\n<!--#echo var=\"uri\" -->", await nginx.GetAsync("/t"));
        Assert.Equal("/all/t", Text(await nginx.GetAsync("/all/t")));
    }

    private static string Numbers(char letter) => string.Concat(Enumerable.Range(0, 30_000).Select(i => $"{letter}{i:D6}\n"));

    private static string Text(string answer) => ChunkedText.Decode(answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
}
