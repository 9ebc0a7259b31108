"""The official MCP client against `ward serve` (/mcp) and `ward mcp`: what an agent sees, and that it sees nobody.

WARD_URL, WARD_KEY, WARD_CA: a running server. WARD_BIN: the program. WARD_RECORDS: a folder of records. WARD_DATA_FOLDER: a data folder.
"""

import asyncio
import os
import ssl

import httpx2
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

NOTE = "Seen by Dr. Zelda Quillfeather. Allergic to penicillin (hives). Metformin 500 mg twice daily. BP 120/80, HR 70."
COUNT = 0


def ok(what, held):
    global COUNT
    if not held:
        raise SystemExit(f"not ok: {what}")
    COUNT += 1
    print(f"ok {COUNT} {what}")


async def use(name, client):
    tools = [tool.name for tool in (await client.list_tools()).tools]
    ok(f"{name}: the tools", tools == ["deid", "facts", "compress", "state", "triage", "ask"])
    resources = (await client.list_resources()).resources
    ok(f"{name}: records have numbers", [str(one.uri) for one in resources] == ["ward://record/1"])
    text = (await client.read_resource(resources[0].uri)).contents[0].text
    ok(f"{name}: a record holds placeholders", "[NAME_" in text and "Quillfeather" not in text)
    for tool, more in (("deid", {}), ("facts", {}), ("compress", {}), ("state", {}), ("triage", {}), ("ask", {"question": "Any allergies?"})):
        result = await client.call_tool(tool, {"record": NOTE, **more})
        said = str(result.structured_content)
        ok(f"{name}: {tool}", not result.is_error and "Quillfeather" not in said and len(said) > 40)
    wrong = await client.call_tool("facts", {"record": NOTE, "more": 1})
    ok(f"{name}: a wrong argument is an error of the tool", wrong.is_error)


async def main():
    trust = ssl.create_default_context(cafile=os.environ["WARD_CA"])
    key = {"Authorization": f"Bearer {os.environ['WARD_KEY']}"}
    async with httpx2.AsyncClient(verify=trust, headers=key, timeout=60) as http:
        for mode in ("auto", "legacy"):
            async with Client(streamable_http_client(f"{os.environ['WARD_URL']}/mcp", http_client=http), mode=mode) as client:
                await use(f"HTTP, {mode}", client)
    arguments = ["mcp", "--records", os.environ["WARD_RECORDS"], "--data", os.environ["WARD_DATA_FOLDER"]]
    async with Client(StdioServerParameters(command=os.environ["WARD_BIN"], args=arguments)) as client:
        await use("standard input", client)


asyncio.run(main())
