"""A slip with everything that slips have, and one in which every text is hostile."""

from __future__ import annotations

from dataclasses import replace

from lifecycle.papers.slip import Signature, Slip, Table

SLIP = Slip(
    lang="zh",
    organisation="光明灯具",
    title="维修单",
    subtitle="Repair slip",
    number="WX-2026-000001",
    code="WX-2026-000001",
    head=(("案件号", "BX-1"), ("状态", "已签字")),
    short=(("报修人", "王芳"), ("电话", "13800001234")),
    long=(("故障现象", "客厅吊灯不亮"),),
    tables=(Table(label="配件", columns=("名称", "数量"), rows=(("电源", "1"), ("端子", "4"))),),
    signatures=(Signature(label="客户签字", signed="已签"), Signature(label="主管签字")),
    marks=("补打（第 1 次）",),
    void=False,
    seal="（盖章处）",
    foot="打印时间 2026-03-02 09:00",
    page=("第 ", " 页 / 共 ", " 页"),
)


def hostile(payload: str) -> Slip:
    """Return the slip with a payload in every place that people's texts come to."""
    return replace(
        SLIP,
        organisation=payload,
        title=payload,
        subtitle=payload,
        number=payload,
        head=((payload, payload),) * 2,
        short=((payload, payload),) * 2,
        long=((payload, payload),),
        tables=(Table(label=payload, columns=(payload, payload), rows=((payload, payload),) * 2),),
        signatures=(Signature(label=payload, signed=payload), Signature(label=payload)),
        marks=(payload,),
        seal=payload,
        foot=payload,
    )
